"""Between the course and a learning management system: rosters, zips, marks, question banks."""
