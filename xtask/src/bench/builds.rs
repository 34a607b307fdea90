//! The cost of a user's build: the packages and the seconds of a clean release build, compared with crates that do a
//! similar job for other vendors.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::vendor::workspace_root;

/// The name, and its entry in a manifest.
fn subjects() -> [(&'static str, String); 3] {
    let own = workspace_root().join("crates").join("qase-webhooks");
    [
        ("qase-webhooks", format!("{{ path = '{}' }}", own.display())),
        ("async-stripe-webhook", "{ version = \"1.0.0-rc.10\" }".to_owned()),
        ("octocrab", "{ version = \"0.54\" }".to_owned()),
    ]
}

/// Builds each of them once, and prints a table.
pub(crate) fn print() -> Result<()> {
    println!(
        "| clean release build, default features | packages | seconds | of the first |\n|---|--:|--:|--:|"
    );
    let mut first = None;
    for (name, requirement) in subjects() {
        let folder = std::env::temp_dir().join(format!("webhooks-builds-{}-{name}", std::process::id()));
        let measured = measure(&folder, name, &requirement);
        fs::remove_dir_all(&folder).with_context(|| format!("failed to remove {}", folder.display()))?;
        let (packages, seconds) = measured?;
        let ratio = seconds / *first.get_or_insert(seconds);
        println!("| {name} | {packages} | {seconds:.0} | {ratio:.1} |");
    }
    Ok(())
}

fn measure(folder: &Path, name: &str, requirement: &str) -> Result<(usize, f64)> {
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "")?;
    let manifest = format!(
        "[package]\nname = \"user\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [workspace]\n\n[dependencies]\n{name} = {requirement}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    let tree = cargo(folder, &["tree", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"])?;
    // A package that was listed before is marked.
    let lines = tree.lines().map(|line| line.trim_end_matches(" (*)"));
    let packages: BTreeSet<&str> = lines.filter(|line| !line.starts_with("user ")).collect();
    cargo(folder, &["fetch"])?;
    let start = Instant::now();
    cargo(folder, &["build", "--release", "--offline", "--target-dir", "target"])?;
    Ok((packages.len(), start.elapsed().as_secs_f64()))
}

fn cargo(folder: &Path, words: &[&str]) -> Result<String> {
    let output = Command::new("cargo").args(words).current_dir(folder).output();
    let output = output.context("failed to start cargo")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo {} failed: {said}", words.join(" "));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
