"""IT asset management: what there is, who answers for it, what may be done to it. [ISO/IEC 19770-1:2017]"""
