//! The target of a request.

use ureq::http::Uri;
use webhook_core::Authentication;
use webhook_core::samples::SignedRequest;

use crate::vendor::Vendor;

/// The placeholder for the token in a URL.
const TOKEN: &str = "{token}";

/// The URL of a receiver. It may contain a token, so only `--print` prints it.
#[derive(Clone)]
pub(super) struct Target(String);

impl Target {
    /// Parses a URL, which may have a placeholder for the token.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let expected = || "expected a URL such as http://127.0.0.1:8080/qase".to_owned();
        let uri: Uri = url.replace(TOKEN, "token").parse().map_err(|_| expected())?;
        let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
        if is_http && uri.host().is_some_and(|host| !host.is_empty()) {
            Ok(Self(url.to_owned()))
        } else {
            Err(expected())
        }
    }

    /// The URL with the token of a vendor that signs nothing. The token replaces the placeholder, or is added at the
    /// end of the path, before the query and the fragment.
    pub(super) fn with_token(self, vendor: Vendor, request: &SignedRequest) -> Self {
        if !matches!(vendor.authentication(), Authentication::UrlToken) {
            return self;
        }
        let Self(url) = self;
        let token = request.path().trim_start_matches('/');
        if url.contains(TOKEN) {
            return Self(url.replace(TOKEN, token));
        }
        let (path, rest) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
        Self(format!("{}/{token}{rest}", path.trim_end_matches('/')))
    }

    /// The whole URL.
    pub(super) fn url(&self) -> &str {
        &self.0
    }

    /// The host and the port, which contain no token.
    pub(super) fn host(&self) -> String {
        let uri = self.0.parse::<Uri>().ok();
        let authority = uri.as_ref().and_then(Uri::authority);
        authority
            .map(|authority| authority.as_str().rsplit('@').next().unwrap_or_default().to_owned())
            .unwrap_or_default()
    }

    /// The path and the query.
    pub(super) fn path(&self) -> String {
        let uri = self.0.parse::<Uri>().ok();
        uri.and_then(|uri| uri.path_and_query().map(ToString::to_string)).unwrap_or_else(|| "/".to_owned())
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target").field("host", &self.host()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use webhook_core::Secret;

    use super::*;

    fn target(url: &str, vendor: Vendor) -> String {
        let request =
            SignedRequest::new::<monitorqa_webhooks::Webhook>("{}", &Secret::new("t0k-en").unwrap());
        Target::parse(url).unwrap().with_token(vendor, &request).url().to_owned()
    }

    #[test]
    fn a_token_stands_before_query_and_fragment_or_in_its_place() {
        for (url, expected) in [
            ("http://h", "http://h/t0k-en"),
            ("http://h/hook/", "http://h/hook/t0k-en"),
            ("http://h:1/hook?a=1&b=2#c", "http://h:1/hook/t0k-en?a=1&b=2#c"),
            ("http://h/hook#c?d", "http://h/hook/t0k-en#c?d"),
            ("http://h/{token}/hook?a=1", "http://h/t0k-en/hook?a=1"),
            ("http://h/hook?token={token}&a=1", "http://h/hook?token=t0k-en&a=1"),
        ] {
            assert_eq!(target(url, Vendor::Monitorqa), expected);
            assert_eq!(target(url, Vendor::Qase), url);
        }
    }

    #[test]
    fn what_is_no_url_is_refused() {
        for wrong in
            ["", "h", "no url", "/qase", "ftp://h/x", "http://", "http:///x", "http://[::1", "http://h/a b"]
        {
            assert!(Target::parse(wrong).is_err(), "{wrong}");
        }
    }
}
