//! A request before it is sent, in which every part can be changed.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request};

use crate::setup::Setup;
use webhook_core::samples::SignedRequest;
use webhook_core::{Authenticated, Scheme as _, Secret};

#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) credential: Credential,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
}

/// The place and the value of a credential.
#[derive(Clone)]
pub(crate) enum Credential {
    Header(&'static str, Vec<Vec<u8>>),
    Segment(Option<String>),
}

impl Draft {
    /// A genuine delivery.
    pub(crate) fn genuine<W: Authenticated>(setup: &Setup<'_, W>, body: impl Into<Bytes>) -> Self {
        Self::signed(setup, body, &setup.secret)
    }

    /// A delivery signed with any secret.
    pub(crate) fn signed<W: Authenticated>(
        setup: &Setup<'_, W>,
        body: impl Into<Bytes>,
        secret: &Secret,
    ) -> Self {
        let signed = SignedRequest::new::<W>(body, secret);
        let credential = match W::SCHEME.authentication().header() {
            Some(header) => {
                let values = signed.headers().iter().filter(|(name, _)| *name == header);
                Credential::Header(header, values.map(|(_, value)| value.clone().into_bytes()).collect())
            }
            None => Credential::Segment(Some(signed.path().trim_start_matches('/').to_owned())),
        };
        Self {
            method: Method::POST,
            path: setup.path.clone(),
            credential,
            content_type: "application/json",
            body: signed.body(),
        }
    }

    /// The credential as text.
    pub(crate) fn credential(&self) -> String {
        match &self.credential {
            Credential::Header(_, values) => {
                values.first().map(|value| String::from_utf8_lossy(value).into_owned()).unwrap_or_default()
            }
            Credential::Segment(token) => token.clone().unwrap_or_default(),
        }
    }

    /// The same without a credential.
    pub(crate) fn unsigned(mut self) -> Self {
        match &mut self.credential {
            Credential::Header(_, values) => values.clear(),
            Credential::Segment(token) => *token = None,
        }
        self
    }

    /// The same with another credential.
    pub(crate) fn with_credential(mut self, value: &str) -> Self {
        match &mut self.credential {
            Credential::Header(_, values) => *values = vec![value.into()],
            Credential::Segment(token) => *token = (!value.is_empty()).then(|| value.to_owned()),
        }
        self
    }

    /// The same with these headers for its credential; `None` if it is not in a header.
    pub(crate) fn with_headers(mut self, headers: Vec<Vec<u8>>) -> Option<Self> {
        match &mut self.credential {
            Credential::Header(_, values) => *values = headers,
            Credential::Segment(_) => return None,
        }
        Some(self)
    }

    pub(crate) fn build(self) -> Result<Request<Bytes>, String> {
        let target = match &self.credential {
            Credential::Segment(Some(token)) => format!("{}/{token}", self.path.trim_end_matches('/')),
            _ => self.path,
        };
        let mut request =
            Request::builder().method(self.method).uri(target).header(CONTENT_TYPE, self.content_type);
        if let Credential::Header(name, values) = self.credential {
            for value in values {
                let value = HeaderValue::from_bytes(&value).map_err(|error| error.to_string())?;
                request = request.header(name, value);
            }
        }
        request.body(self.body).map_err(|error| error.to_string())
    }
}
