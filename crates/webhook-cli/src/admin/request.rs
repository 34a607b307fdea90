//! A stored delivery as bytes, as a command and as a fixture.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use webhook_core::Authentication;
use webhook_inbox::{Seq, StoredDelivery};

use super::{Page, page};
use crate::vendor::Vendor;

/// A longer body is a separate file: a shell accepts no argument of more than 128 KiB.
const MAX_ARGUMENT_BYTES: usize = 64 * 1024;

/// The exact bytes, as a file that no browser opens.
pub(super) async fn body(state: State<Arc<Page>>, path: Path<i64>) -> Response {
    let delivery = match stored(state, path).await {
        Ok(delivery) => delivery,
        Err(failed) => return failed,
    };
    let name = format!("attachment; filename=\"delivery-{}.json\"", delivery.row.seq);
    let headers = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CONTENT_DISPOSITION, &name)];
    (headers, delivery.body).into_response()
}

/// A command that sends the delivery again. The secret is a shell variable.
pub(super) async fn curl(state: State<Arc<Page>>, path: Path<i64>) -> Response {
    match stored(state, path).await {
        Ok(delivery) => text(command(&delivery)),
        Err(failed) => failed,
    }
}

/// The payload in the form of a fixture file.
pub(super) async fn fixture(state: State<Arc<Page>>, path: Path<i64>) -> Response {
    match stored(state, path).await {
        Ok(delivery) => text(String::from_utf8_lossy(&delivery.body).into_owned()),
        Err(failed) => failed,
    }
}

async fn stored(State(page): State<Arc<Page>>, Path(seq): Path<i64>) -> Result<StoredDelivery, Response> {
    match page.inbox.get(Seq::new(seq)).await {
        Ok(Some(delivery)) if delivery.row.pruned_at.is_some() => {
            Err(page::failed(StatusCode::GONE, "The body of this delivery was pruned."))
        }
        Ok(Some(delivery)) => Ok(delivery),
        Ok(None) => Err(page::failed(StatusCode::NOT_FOUND, "There is no such delivery.")),
        Err(error) => Err(page::unavailable(&error)),
    }
}

fn text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

fn command(delivery: &StoredDelivery) -> String {
    let seq = delivery.row.seq;
    let body = str::from_utf8(&delivery.body)
        .ok()
        .filter(|text| text.len() <= MAX_ARGUMENT_BYTES && !text.contains('\0'));
    let (prepare, data, input) = if let Some(text) = body {
        let body = quoted(text);
        (format!("body={body}\n"), "--data-raw \"$body\"".to_owned(), "printf %s \"$body\"".to_owned())
    } else {
        let file = format!("delivery-{seq}.json");
        let note = format!("# First save /deliveries/{seq}/body as {file}\n");
        (note, format!("--data-binary @{file}"), format!("cat {file}"))
    };
    let vendor = Vendor::of_name(&delivery.row.vendor);
    let (path, credential) = match vendor.map(|vendor| (vendor, vendor.authentication())) {
        Some((vendor, Authentication::SharedToken { header })) => {
            (vendor.name().to_owned(), format!(" \\\n  -H \"{header}: $SECRET\""))
        }
        Some((vendor, Authentication::BodyHmac { header })) => {
            let code = format!("{input} | openssl dgst -sha256 -hmac \"$SECRET\" -r | cut -d' ' -f1");
            (vendor.name().to_owned(), format!(" \\\n  -H \"{header}: $({code})\""))
        }
        Some((vendor, _)) => (format!("{}/$SECRET", vendor.name()), String::new()),
        None => (String::new(), String::new()),
    };
    format!(
        "{prepare}curl -X POST \"http://127.0.0.1:8080/{path}\" \\\n  -H 'content-type: application/json'{credential} \
         \\\n  {data}\n"
    )
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_shell_sees_one_word() {
        assert_eq!(quoted("a'; rm -rf ~; $(x) `y` \"z\""), r#"'a'\''; rm -rf ~; $(x) `y` "z"'"#);
    }
}
