//! The front of an HTTP request, whatever the server is called that read it.

use http::{HeaderMap, Request, Uri, request};

/// The headers of a request, and its target where that matters.
///
/// Implemented for [`http::HeaderMap`], for any list of pairs, for [`http::Request`] and its parts, and for a target
/// alone or paired with headers: what a Lambda, a Worker or a hand-written server has at hand works without a
/// framework.
///
/// ```
/// use webhook_core::Head;
///
/// fn header_count(head: &impl Head) -> usize {
///     let mut count = 0;
///     head.each_header(&mut |_, _| count += 1);
///     count
/// }
/// assert_eq!(header_count(&[("x-qase-secret", "s")]), 1);
/// assert_eq!(header_count(&vec![(String::from("a"), Vec::from(b"1"))]), 1);
/// ```
pub trait Head {
    /// Visits every header line, repeated names included.
    fn each_header(&self, visit: &mut dyn FnMut(&str, &[u8]));

    /// The path and query of the request, as in `/hooks/monitorqa?token=..`.
    fn target(&self) -> Option<&str> {
        None
    }
}

impl<H: Head + ?Sized> Head for &H {
    fn each_header(&self, visit: &mut dyn FnMut(&str, &[u8])) {
        (**self).each_header(visit);
    }

    fn target(&self) -> Option<&str> {
        (**self).target()
    }
}

impl Head for HeaderMap {
    fn each_header(&self, visit: &mut dyn FnMut(&str, &[u8])) {
        for (name, value) in self {
            visit(name.as_str(), value.as_bytes());
        }
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Head for [(N, V)] {
    fn each_header(&self, visit: &mut dyn FnMut(&str, &[u8])) {
        for (name, value) in self {
            visit(name.as_ref(), value.as_ref());
        }
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>, const COUNT: usize> Head for [(N, V); COUNT] {
    fn each_header(&self, visit: &mut dyn FnMut(&str, &[u8])) {
        self.as_slice().each_header(visit);
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Head for Vec<(N, V)> {
    fn each_header(&self, visit: &mut dyn FnMut(&str, &[u8])) {
        self.as_slice().each_header(visit);
    }
}

impl Head for request::Parts {
    fn each_header(&self, visit: &mut dyn FnMut(&str, &[u8])) {
        self.headers.each_header(visit);
    }

    fn target(&self) -> Option<&str> {
        self.uri.path_and_query().map(http::uri::PathAndQuery::as_str)
    }
}

impl<B> Head for Request<B> {
    fn each_header(&self, visit: &mut dyn FnMut(&str, &[u8])) {
        self.headers().each_header(visit);
    }

    fn target(&self) -> Option<&str> {
        self.uri().path_and_query().map(http::uri::PathAndQuery::as_str)
    }
}

/// The target alone, for a vendor that puts nothing into the headers.
impl Head for str {
    fn each_header(&self, _: &mut dyn FnMut(&str, &[u8])) {}

    fn target(&self) -> Option<&str> {
        Some(self)
    }
}

/// The target alone, for a vendor that puts nothing into the headers.
impl Head for Uri {
    fn each_header(&self, _: &mut dyn FnMut(&str, &[u8])) {}

    fn target(&self) -> Option<&str> {
        self.path_and_query().map(http::uri::PathAndQuery::as_str)
    }
}

/// A target with headers.
impl<H: Head> Head for (&str, H) {
    fn each_header(&self, visit: &mut dyn FnMut(&str, &[u8])) {
        self.1.each_header(visit);
    }

    fn target(&self) -> Option<&str> {
        Some(self.0)
    }
}
