//! Notifications for systemd, for a unit of `Type=notify`. Without systemd, nothing happens.

use sd_notify::NotifyState;

/// The service is ready.
pub(crate) fn ready() {
    tell(NotifyState::Ready);
}

/// The service is stopping.
pub(crate) fn stopping() {
    tell(NotifyState::Stopping);
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "failed to notify the service manager");
    }
}
