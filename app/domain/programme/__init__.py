"""The audit programme: laying out audits, internal audits, collisions."""
