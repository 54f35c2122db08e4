"""The static page of a whole fleet: what runs when, who owns it, and what pools are asked for."""
