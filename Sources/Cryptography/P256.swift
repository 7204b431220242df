/// Elliptic-curve keys on NIST curve P-256 (FIPS 186-4, SP 800-56A).
public enum P256 {}
