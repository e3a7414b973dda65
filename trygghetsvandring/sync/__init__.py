"""The one door for writes: from phone, desk and Open311 alike."""
