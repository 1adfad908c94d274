"""What is a pack worth? Measured on labelled photographs, after ISO/IEC 19795; numbers only ever leave it."""
