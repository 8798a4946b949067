"""Music: a prompt read as tempo, harmony and players, synthesised note by note and encoded as MP3."""
