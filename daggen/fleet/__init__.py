"""The fleet as it should be against the fleet on disk: stamp, plan, write, cache."""
