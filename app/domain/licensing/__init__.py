"""Licences: what was bought, what is used, and whether the two agree. [ISO/IEC 19770-1:2017, 8.4]"""
