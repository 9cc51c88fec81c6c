"""Fetches the metadata of clicked clips from the API of a video site."""
