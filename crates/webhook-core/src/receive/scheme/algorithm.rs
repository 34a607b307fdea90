//! The hash of an HMAC, and its name.

crate::vocabulary! {
    /// The hash of an HMAC.
    ///
    /// A receiver accepts both unless [`Receiver::pin`](crate::Receiver::pin) chooses one. `Display`, `FromStr` and serde
    /// use the names `sha1` and `sha256`, which are also the prefixes of a signature.
    pub enum Algorithm {
        /// HMAC-SHA-1: 40 hexadecimal digits.
        Sha1 = "sha1",
        /// HMAC-SHA-256: 64 hexadecimal digits.
        Sha256 = "sha256",
    }
}

impl Algorithm {
    /// The algorithm that an optional prefix names, in upper or lower case.
    pub(crate) fn named(prefix: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| prefix.eq_ignore_ascii_case(algorithm.as_str()))
    }

    /// The algorithm whose digests have this many hexadecimal digits.
    pub(crate) fn of_digits(count: usize) -> Option<Self> {
        match count {
            40 => Some(Self::Sha1),
            64 => Some(Self::Sha256),
            _ => None,
        }
    }
}
