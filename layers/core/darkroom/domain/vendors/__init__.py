"""What vendors' work needs beside the engine contract."""
