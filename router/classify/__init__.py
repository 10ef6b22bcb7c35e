"""What a mail is about: phrases first, then a small linear model, and silence when neither is sure."""
