"""Model packs: a detector, a recogniser, the alignment between them, and what is known of their errors."""
