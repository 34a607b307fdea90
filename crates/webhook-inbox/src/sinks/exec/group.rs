//! The process group of a command.

use tokio::process::Child;

/// The process group of a command, which is killed when this is dropped before the command has ended.
pub(super) struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

#[cfg(unix)]
impl Group {
    /// The group that a child leads.
    pub(super) fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self { leader: id.and_then(rustix::process::Pid::from_raw) }
    }

    /// Asks all processes to end.
    pub(super) fn terminate(&self) {
        self.signal(rustix::process::Signal::TERM);
    }

    /// Ends all processes.
    pub(super) fn kill(&mut self) {
        self.signal(rustix::process::Signal::KILL);
        self.release();
    }

    /// Does not signal the processes any more. Call it after waiting for the leader, because its process id may be
    /// reused then.
    pub(super) fn release(&mut self) {
        self.leader = None;
    }

    fn signal(&self, signal: rustix::process::Signal) {
        if let Some(leader) = self.leader {
            // It fails if there is no process any more.
            let _ = rustix::process::kill_process_group(leader, signal);
        }
    }
}

/// On other systems only the command itself is ended, by its handle.
#[cfg(not(unix))]
#[expect(clippy::unused_self, reason = "there are no groups")]
impl Group {
    pub(super) fn of(_: &Child) -> Self {
        Self {}
    }

    pub(super) fn terminate(&self) {}

    pub(super) fn kill(&mut self) {}

    pub(super) fn release(&mut self) {}
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}
