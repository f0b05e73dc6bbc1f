"""From scores to a verdict: summaries, statistics, ranking, words."""
