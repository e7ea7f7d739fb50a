"""Trains Groundswell's scoring models from logged vectors and matured outcomes."""
