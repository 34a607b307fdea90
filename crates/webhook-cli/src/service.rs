//! What a service manager is told: systemd, for a unit of `Type=notify`. Without one, nothing happens.

use sd_notify::NotifyState;

/// Work is being done from now on.
pub(crate) fn ready() {
    tell(NotifyState::Ready);
}

/// The process ends what is under way, and itself.
pub(crate) fn stopping() {
    tell(NotifyState::Stopping);
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "failed to tell the service manager");
    }
}
