//! The recording of strace, as calls to a disk and acknowledgements in the order in which they happened.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::ACKNOWLEDGED;
use super::disk::Call;

/// The calls that are recorded. What changes a file and is not understood fails the run.
pub(crate) const CALLS: &str = "--trace=openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,fallocate,fdatasync,\
    fsync,sync_file_range,ftruncate,truncate,unlink,unlinkat,rename,renameat,renameat2,link,linkat";

/// Something that a power cut may come before or after.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Something is about to be acknowledged: the line that says what.
    Acknowledged(String),
    Disk(Call),
}

/// Reads a recording of a process that works in a folder.
pub(crate) fn read(trace: &Path, folder: &Path) -> Result<Vec<Event>> {
    let file = File::open(trace).with_context(|| format!("failed to open {}", trace.display()))?;
    let mut reading = Reading {
        folder: folder.to_str().context("the folder has no readable name")?.to_owned(),
        unfinished: HashMap::new(),
        events: Vec::new(),
    };
    for line in BufReader::new(file).lines() {
        let line = line.context("failed to read the recording")?;
        reading.line(&line).with_context(|| line.chars().take(300).collect::<String>())?;
    }
    Ok(reading.events)
}

struct Reading {
    folder: String,
    /// The call of each thread that began and has not ended.
    unfinished: HashMap<String, String>,
    events: Vec<Event>,
}

/// A file of the folder, or the folder itself.
enum Target {
    Folder,
    File(String),
}

impl Reading {
    /// `PID call(arguments) = result`, or one of the two halves into which other threads' calls cut it.
    fn line(&mut self, line: &str) -> Result<()> {
        let (thread, rest) = line.split_once(' ').context("no thread")?;
        let rest = rest.trim_start();
        if let Some(half) = rest.strip_suffix(" <unfinished ...>") {
            self.unfinished.insert(thread.to_owned(), half.to_owned());
            return self.begins(half);
        }
        if let Some(half) = rest.strip_prefix("<... ") {
            let (_, half) = half.split_once(" resumed>").context("no end")?;
            let Some(first) = self.unfinished.remove(thread) else { bail!("it ends and did not begin") };
            return self.ends(&format!("{first}{half}"));
        }
        if rest.starts_with("+++") || rest.starts_with("---") {
            return Ok(());
        }
        // Of a failed call there is nothing to do.
        if result(rest).is_none_or(|result| result.starts_with('-')) {
            return Ok(());
        }
        self.begins(rest)?;
        self.ends(rest)
    }

    /// What counts from the beginning of a call: a write may arrive before it returns, and an acknowledgement too.
    fn begins(&mut self, call: &str) -> Result<()> {
        let (name, arguments) = parts(call)?;
        match name {
            "write" | "pwrite64" => {
                let Some(Target::File(file)) = self.target_of_descriptor(arguments)? else { return Ok(()) };
                let data = unescape(quoted(arguments).context("no data")?)?;
                if file == ACKNOWLEDGED {
                    let line = String::from_utf8(data).context("no text")?;
                    self.events.push(Event::Acknowledged(line.trim().to_owned()));
                    return Ok(());
                }
                ensure!(name == "pwrite64", "a write without an offset");
                let offset = last_number(arguments)?;
                self.push(Call::Write { name: file, offset, data });
            }
            "ftruncate" => {
                let Some(Target::File(name)) = self.target_of_descriptor(arguments)? else { return Ok(()) };
                let length = last_number(arguments)?;
                self.push(Call::Truncate { name, length });
            }
            "unlink" => {
                let path = unescape(quoted(arguments).context("no path")?)?;
                if let Some(Target::File(name)) = self.target(&String::from_utf8(path).context("no text")?) {
                    self.push(Call::Unlink(name));
                }
            }
            "fdatasync" | "fsync" => {
                if let Some(Target::File(name)) = self.target_of_descriptor(arguments)? {
                    self.push(Call::SyncBegins(name));
                }
            }
            "openat" | "open" => {}
            _ => ensure!(!self.is_about_folder(call)?, "this call is not understood"),
        }
        Ok(())
    }

    /// What counts from the end of a call.
    fn ends(&mut self, call: &str) -> Result<()> {
        let (name, arguments) = parts(call)?;
        let result = result(call).context("no result")?;
        match name {
            "openat" | "open" if arguments.contains("O_CREAT") && !result.starts_with('-') => {
                if let Some(Target::File(name)) = self.target_of_descriptor(result)?
                    && name != ACKNOWLEDGED
                {
                    self.push(Call::Create(name));
                }
            }
            "fdatasync" | "fsync" => {
                if let Some(target) = self.target_of_descriptor(arguments)? {
                    ensure!(result == "0", "a sync failed");
                    self.push(match target {
                        Target::Folder => Call::SyncFolder,
                        Target::File(name) => Call::SyncEnds(name),
                    });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, call: Call) {
        self.events.push(Event::Disk(call));
    }

    /// The file of `3<\x2f…>`.
    fn target_of_descriptor(&self, text: &str) -> Result<Option<Target>> {
        let Some((_, rest)) = text.split_once('<') else { return Ok(None) };
        let (path, _) = rest.split_once('>').context("no end of a path")?;
        let path = String::from_utf8(unescape(path)?).unwrap_or_default();
        Ok(self.target(&path))
    }

    fn target(&self, path: &str) -> Option<Target> {
        let rest = path.strip_prefix(&self.folder)?;
        if rest.is_empty() {
            return Some(Target::Folder);
        }
        let name = rest.strip_prefix('/')?;
        // The index of the log is made anew after a power cut, and no file that was removed comes back.
        let counts = !name.ends_with("-shm") && !name.ends_with("(deleted)");
        counts.then(|| Target::File(name.to_owned()))
    }

    fn is_about_folder(&self, call: &str) -> Result<bool> {
        let mut paths = call.split(['<', '>', '"']).filter(|part| part.starts_with("\\x"));
        paths.try_fold(false, |found, path| {
            let path = String::from_utf8(unescape(path)?).unwrap_or_default();
            Ok(found || self.target(&path).is_some())
        })
    }
}

/// The name of a call and what follows its parenthesis.
fn parts(call: &str) -> Result<(&str, &str)> {
    call.split_once('(').context("no call")
}

/// What stands behind the equals sign.
fn result(call: &str) -> Option<&str> {
    call.rsplit_once(" = ").map(|(_, result)| result.trim())
}

fn quoted(arguments: &str) -> Option<&str> {
    let (_, rest) = arguments.split_once('"')?;
    let (text, after) = rest.split_once('"')?;
    // Three dots say that strace has shortened it.
    (!after.starts_with("...")).then_some(text)
}

/// The last argument.
fn last_number(arguments: &str) -> Result<usize> {
    let arguments = arguments.rsplit_once(" = ").map_or(arguments, |(arguments, _)| arguments);
    let (_, last) = arguments.trim_end().trim_end_matches(')').rsplit_once(", ").context("no number")?;
    last.parse().context("no number")
}

/// The bytes of `\x2f\x74`.
fn unescape(text: &str) -> Result<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pieces, rest) = text.as_bytes().as_chunks::<4>();
    ensure!(rest.is_empty(), "not hexadecimal: {text}");
    let byte = |piece: &[u8; 4]| match *piece {
        [b'\\', b'x', high, low] => Some(digit(high)? * 16 + digit(low)?),
        _ => None,
    };
    pieces.iter().map(byte).collect::<Option<_>>().with_context(|| format!("not hexadecimal: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(lines: &[&str]) -> Result<Vec<Event>> {
        let mut reading = Reading { folder: "/a".to_owned(), unfinished: HashMap::new(), events: Vec::new() };
        lines.iter().try_for_each(|line| reading.line(line))?;
        Ok(reading.events)
    }

    #[test]
    fn an_acknowledgement_counts_from_its_beginning_and_a_sync_from_its_end() {
        // `/a/b`, and `/a/acknowledged`.
        let (file, folder) = (r"\x2f\x61\x2f\x62", r"\x2f\x61");
        let acknowledged = r"\x2f\x61\x2f\x61\x63\x6b\x6e\x6f\x77\x6c\x65\x64\x67\x65\x64";
        let lines = [
            format!("1 openat(AT_FDCWD, \"{file}\", O_RDWR|O_CREAT, 0644) = 3<{file}>"),
            format!("1 pwrite64(3<{file}>, \"\\x01\\x02\", 2, 4096) = 2"),
            format!("1 fdatasync(3<{file}> <unfinished ...>"),
            format!("20 write(4<{acknowledged}>, \"\\x37\\x0a\", 2 <unfinished ...>"),
            "1 <... fdatasync resumed>) = 0".to_owned(),
            "20 <... write resumed>) = 2".to_owned(),
            format!("1 fsync(5<{folder}>) = 0"),
            format!("1 ftruncate(3<{file}>, 0) = 0"),
            format!("1 unlink(\"{file}\") = 0"),
            "1 +++ exited with 0 +++".to_owned(),
        ];
        let b = || "b".to_owned();
        assert_eq!(
            events(&lines.iter().map(String::as_str).collect::<Vec<_>>()).unwrap(),
            [
                Event::Disk(Call::Create(b())),
                Event::Disk(Call::Write { name: b(), offset: 4096, data: vec![1, 2] }),
                Event::Disk(Call::SyncBegins(b())),
                Event::Acknowledged("7".to_owned()),
                Event::Disk(Call::SyncEnds(b())),
                Event::Disk(Call::SyncFolder),
                Event::Disk(Call::Truncate { name: b(), length: 0 }),
                Event::Disk(Call::Unlink(b())),
            ]
        );
    }

    #[test]
    fn what_changes_the_folder_and_is_not_understood_fails() {
        assert!(events(&[r#"1 rename("\x2f\x61\x2f\x62", "\x2f\x63") = 0"#]).is_err());
        assert!(events(&[r#"1 rename("\x2f\x64\x2f\x62", "\x2f\x63") = 0"#]).is_ok());
        assert!(events(&[r#"1 pwrite64(3<\x2f\x61\x2f\x62>, "\x01"..., 20, 0) = 20"#]).is_err());
    }
}
