"""Tests of bringing in a plan."""
