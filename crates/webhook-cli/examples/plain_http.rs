//! The types of the `http` crate and nothing else: what any server can be brought to.

use http::{Request, Response, StatusCode};
use webhook_core::Secret;

/// Answers one request.
fn serve(receiver: &deepsource_webhooks::Receiver, request: Request<Vec<u8>>) -> Response<()> {
    let (head, body) = request.into_parts();
    let status = match receiver.accept(&head, body) {
        Ok(delivery) => {
            println!("{} {}", delivery.key(), delivery.body().len());
            StatusCode::OK
        }
        Err(rejected) => {
            eprintln!("{rejected}");
            rejected.status()
        }
    };
    let mut response = Response::new(());
    *response.status_mut() = status;
    response
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = Secret::new("a secret of sixteen characters")?;
    let receiver = deepsource_webhooks::Receiver::new(secret.clone());

    let genuine = deepsource_webhooks::samples::TEST_EVENT.signed(&secret).into_http()?;
    assert_eq!(serve(&receiver, genuine.map(Vec::from)).status(), StatusCode::OK);

    let forged = Request::post("/").header("x-deepsource-signature", "0".repeat(64)).body(Vec::new())?;
    assert_eq!(serve(&receiver, forged).status(), StatusCode::UNAUTHORIZED);
    Ok(())
}
