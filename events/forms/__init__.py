"""What people type about events. The services check it again under the lock."""
