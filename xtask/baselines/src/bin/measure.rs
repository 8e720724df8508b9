//! Runs a program without its output and prints what it used: wall nanoseconds, CPU microseconds (its own and the
//! kernel's for it), peak memory in KiB, exit status. A process of its own for each program, as the kernel keeps
//! one sum for all children; and a small one, as a child's peak is never below what its parent held.
#![allow(clippy::print_stdout, reason = "this is a program")]

use std::error::Error;

#[cfg(unix)]
fn main() -> Result<(), Box<dyn Error>> {
    use std::process::{Command, Stdio};
    use std::time::Instant;

    use nix::sys::resource::{UsageWho, getrusage};

    let mut arguments = std::env::args_os().skip(1);
    let program = arguments.next().ok_or("name a program")?;
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let status = command.status()?;
    let wall = started.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let (user, system) = (usage.user_time(), usage.system_time());
    let cpu = (user.tv_sec() + system.tv_sec()) * 1_000_000 + user.tv_usec() + system.tv_usec();
    // macOS counts bytes.
    let peak = usage.max_rss() / if cfg!(target_os = "macos") { 1024 } else { 1 };
    println!("{} {cpu} {peak} {}", wall.as_nanos(), status.code().unwrap_or(-1));
    Ok(())
}

#[cfg(not(unix))]
fn main() -> Result<(), Box<dyn Error>> {
    Err("only systems with getrusage tell what a child used".into())
}
