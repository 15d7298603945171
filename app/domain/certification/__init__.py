"""The certification cycle of ISO/IEC 17021-1: facts in, an explained answer out."""
