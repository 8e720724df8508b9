//! Walks folders and reads every file into one buffer: what any program that looks at them has to do. On one thread,
//! as there is nothing to compute.
#![allow(clippy::print_stdout, reason = "this is a program")]

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

fn main() -> io::Result<()> {
    let (mut buffer, mut read) = (Vec::new(), 0);
    for folder in std::env::args_os().skip(1) {
        walk(Path::new(&folder), &mut buffer, &mut read)?;
    }
    println!("{read} bytes");
    Ok(())
}

fn walk(folder: &Path, buffer: &mut Vec<u8>, read: &mut usize) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), buffer, read)?;
        } else {
            buffer.clear();
            *read += File::open(entry.path())?.read_to_end(buffer)?;
        }
    }
    Ok(())
}
