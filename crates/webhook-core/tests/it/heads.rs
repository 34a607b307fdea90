//! The head of a request, in the types of many HTTP stacks.

use http::{HeaderMap, HeaderValue, Request, Uri};
use webhook_core::{Authenticated, Receiver, RequestHead, Secret};

use crate::invented::{SharedToken, UrlToken};

const SECRET: &str = "keep-this-one-long-enough";

fn accepts<W: Authenticated>(head: impl RequestHead) -> bool {
    Receiver::<W>::new(Secret::new(SECRET).unwrap()).accept(head, "{}").is_ok()
}

fn request(uri: &str, token: &str) -> Request<()> {
    Request::builder().uri(uri).header("X-Token", token).body(()).unwrap()
}

fn map(token: &'static str) -> HeaderMap {
    [(http::HeaderName::from_static("x-token"), HeaderValue::from_static(token))].into_iter().collect()
}

#[test]
fn a_header_is_found_in_every_form_of_a_head() {
    for (token, accepted) in [(SECRET, true), ("another", false)] {
        assert_eq!(accepts::<SharedToken>(map(token)), accepted);
        assert_eq!(accepts::<SharedToken>(&map(token)), accepted);
        assert_eq!(accepts::<SharedToken>([("X-Token", token)]), accepted);
        assert_eq!(accepts::<SharedToken>([("X-Token", token)].as_slice()), accepted);
        assert_eq!(accepts::<SharedToken>(vec![("X-Token".to_owned(), token.as_bytes())]), accepted);
        assert_eq!(accepts::<SharedToken>(request("/", token)), accepted);
        assert_eq!(accepts::<SharedToken>(&request("/", token)), accepted);
        assert_eq!(accepts::<SharedToken>(request("/", token).into_parts().0), accepted);
        assert_eq!(accepts::<SharedToken>(("/", [("X-Token", token)])), accepted);
    }
}

#[test]
fn a_token_is_found_in_every_form_of_a_target() {
    for (target, accepted) in [
        (format!("/hooks/{SECRET}"), true),
        (format!("/hooks?token={SECRET}"), true),
        (format!("/hooks/{SECRET}x"), false),
        ("/hooks".to_owned(), false),
        ("/".to_owned(), false),
    ] {
        let uri: Uri = target.parse().unwrap();
        assert_eq!(accepts::<UrlToken>(target.as_str()), accepted, "{target}");
        assert_eq!(accepts::<UrlToken>(uri), accepted, "{target}");
        assert_eq!(accepts::<UrlToken>(request(&target, "")), accepted, "{target}");
        assert_eq!(accepts::<UrlToken>(request(&target, "").into_parts().0), accepted, "{target}");
        assert_eq!(accepts::<UrlToken>((target.as_str(), map(""))), accepted, "{target}");
        let whole: Uri = format!("https://hooks.example.com{target}").parse().unwrap();
        assert_eq!(accepts::<UrlToken>(whole), accepted, "{target}");
    }
    // A token in the host is ignored, and headers alone have no target.
    assert!(!accepts::<UrlToken>(format!("https://{SECRET}/hooks").parse::<Uri>().unwrap()));
    assert!(!accepts::<UrlToken>([("X-Token", SECRET)]));
}
