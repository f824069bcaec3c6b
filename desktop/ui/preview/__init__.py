"""A printed form, looked at before it is printed or exported."""
