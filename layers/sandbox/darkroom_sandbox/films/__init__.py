"""Moving pictures: a still brought to life by camera, weather and light, encoded as MP4."""
