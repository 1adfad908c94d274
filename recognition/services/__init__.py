"""What happens to frames and candidates: the steps of the pipeline with everything around them."""
