"""The Dataset tab: photos, people, crops, captions, versions of one person."""
