//! The head of an HTTP request, in the types of any server.

use http::{HeaderMap, Request, Uri, request};

/// The headers of a request, and its target if it is needed.
///
/// Implemented for [`http::HeaderMap`], for any list of pairs, for [`http::Request`] and its parts, and for a target
/// with or without headers. No framework is needed, for example in a Lambda or a Worker.
///
/// ```
/// use webhook_core::RequestHead;
///
/// fn header_count(head: &impl RequestHead) -> usize {
///     let mut count = 0;
///     head.each_header(&mut |_, _| count += 1);
///     count
/// }
/// assert_eq!(header_count(&[("x-qase-secret", "s")]), 1);
/// assert_eq!(header_count(&vec![(String::from("a"), Vec::from(b"1"))]), 1);
/// assert_eq!([("X-Token", "a"), ("x-token", "b")].values("x-token"), [b"a", b"b"]);
/// ```
pub trait RequestHead {
    /// Visits every header line, including repeated names.
    fn each_header<'a>(&'a self, visit: &mut dyn FnMut(&'a str, &'a [u8]));

    /// The values of a header in their order; the case of the name does not matter.
    fn values<'a>(&'a self, header: &str) -> Vec<&'a [u8]> {
        let mut values = Vec::new();
        self.each_header(&mut |name, value| {
            if name.eq_ignore_ascii_case(header) {
                values.push(value);
            }
        });
        values
    }

    /// The path and query of the request, as in `/hooks/monitorqa?token=..`.
    fn target(&self) -> Option<&str> {
        None
    }
}

impl<H: RequestHead + ?Sized> RequestHead for &H {
    fn each_header<'a>(&'a self, visit: &mut dyn FnMut(&'a str, &'a [u8])) {
        (**self).each_header(visit);
    }

    fn target(&self) -> Option<&str> {
        (**self).target()
    }
}

impl RequestHead for HeaderMap {
    fn each_header<'a>(&'a self, visit: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in self {
            visit(name.as_str(), value.as_bytes());
        }
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> RequestHead for [(N, V)] {
    fn each_header<'a>(&'a self, visit: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in self {
            visit(name.as_ref(), value.as_ref());
        }
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>, const COUNT: usize> RequestHead for [(N, V); COUNT] {
    fn each_header<'a>(&'a self, visit: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.as_slice().each_header(visit);
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> RequestHead for Vec<(N, V)> {
    fn each_header<'a>(&'a self, visit: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.as_slice().each_header(visit);
    }
}

impl RequestHead for request::Parts {
    fn each_header<'a>(&'a self, visit: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.headers.each_header(visit);
    }

    fn target(&self) -> Option<&str> {
        self.uri.path_and_query().map(http::uri::PathAndQuery::as_str)
    }
}

impl<B> RequestHead for Request<B> {
    fn each_header<'a>(&'a self, visit: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.headers().each_header(visit);
    }

    fn target(&self) -> Option<&str> {
        self.uri().path_and_query().map(http::uri::PathAndQuery::as_str)
    }
}

/// Only the target, for a vendor that does not use headers.
impl RequestHead for str {
    fn each_header<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}

    fn target(&self) -> Option<&str> {
        Some(self)
    }
}

/// Only the target, for a vendor that does not use headers.
impl RequestHead for Uri {
    fn each_header<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}

    fn target(&self) -> Option<&str> {
        self.path_and_query().map(http::uri::PathAndQuery::as_str)
    }
}

/// A target with headers.
impl<H: RequestHead> RequestHead for (&str, H) {
    fn each_header<'a>(&'a self, visit: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.1.each_header(visit);
    }

    fn target(&self) -> Option<&str> {
        Some(self.0)
    }
}
