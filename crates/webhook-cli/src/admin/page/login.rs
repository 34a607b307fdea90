//! The form that asks for the token.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use maud::html;

use super::layout;

pub(in crate::admin) async fn login() -> Html<String> {
    form(false)
}

pub(in crate::admin) fn login_failed() -> Response {
    (StatusCode::UNAUTHORIZED, form(true)).into_response()
}

fn form(failed: bool) -> Html<String> {
    layout(
        "Log in",
        &html! {
            h1 { "Log in" }
            @if failed { p.error role="alert" { "The token is wrong." } }
            form.login method="post" action="/login" {
                label for="token" { "Admin token" }
                input #token type="password" name="token" required autocomplete="current-password" autofocus;
                button type="submit" { "Log in" }
            }
        },
    )
}
