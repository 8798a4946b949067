"""Jobs, their tasks, and the engines that make outputs."""
