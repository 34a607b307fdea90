//! The meaning of a path, and the form of it that may be shown, because any part of it may be a token.

use hyper::header::HeaderValue;

use crate::vendor::Vendor;

/// The target of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A delivery of a vendor: the name of the vendor, followed by anything.
    Vendor(Vendor),
    /// Whether the process runs.
    Live,
    /// Whether it accepts deliveries.
    Ready,
    Unknown,
}

impl Target {
    pub(super) fn of(path: &str) -> Self {
        let mut segments = path.split('/').skip(1);
        let first = segments.next().unwrap_or_default();
        if let Some(vendor) = Vendor::ALL.iter().copied().find(|vendor| vendor.name() == first) {
            return Self::Vendor(vendor);
        }
        match (first, segments.next()) {
            ("livez", None) => Self::Live,
            ("readyz" | "healthz", None) => Self::Ready,
            _ => Self::Unknown,
        }
    }
}

/// A path with every segment that is not a well-known word replaced.
pub(super) fn shown(path: &str) -> String {
    const MAX_SEGMENTS: usize = 8;
    const WORDS: [&str; 9] =
        ["api", "webhook", "webhooks", "hook", "hooks", "healthz", "livez", "readyz", "metrics"];
    let known = |segment: &str| {
        segment.is_empty()
            || WORDS.contains(&segment)
            || Vendor::ALL.iter().copied().any(|vendor| vendor.name().eq_ignore_ascii_case(segment))
    };
    let segments = path.split('/').take(MAX_SEGMENTS);
    segments.map(|segment| if known(segment) { segment } else { "***" }).collect::<Vec<_>>().join("/")
}

/// The name of a common encoding.
pub(super) fn known_encoding(value: &HeaderValue) -> &'static str {
    const KNOWN: [&str; 5] = ["gzip", "deflate", "br", "zstd", "compress"];
    let value = value.as_bytes();
    KNOWN
        .into_iter()
        .find(|known| known.as_bytes().eq_ignore_ascii_case(value))
        .unwrap_or("an unknown encoding")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_is_served_with_anything_behind_its_name() {
        for path in ["/qase", "/qase/", "/qase/a/b"] {
            assert_eq!(Target::of(path), Target::Vendor(Vendor::Qase), "{path}");
        }
        for path in ["/", "", "//qase", "/qase2", "/Qase", "/x/qase", "/healthz/", "*"] {
            assert_eq!(Target::of(path), Target::Unknown, "{path}");
        }
    }

    #[test]
    fn a_path_is_shown_without_what_may_be_a_token() {
        assert_eq!(shown("/hooks/monitorqa/t0ken"), "/hooks/monitorqa/***");
        assert_eq!(shown("/t0ken"), "/***");
        assert_eq!(shown("/MonitorQA/"), "/MonitorQA/");
    }
}
