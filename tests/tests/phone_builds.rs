//! `make android` and `make ios` say what is missing, and build nothing without it.

#![cfg(test)]

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

/// Runs a script of `.ci` with these variables; what it said on standard error, if it failed.
fn said(script: &str, variables: &[(&str, &Path)]) -> io::Result<Option<String>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut command = Command::new("bash");
    command.arg(root.join(".ci").join(script)).current_dir(root);
    command
        .env_remove("ANDROID_HOME")
        .env_remove("ANDROID_NDK_HOME");
    let out = command.envs(variables.iter().copied()).output()?;
    let error = String::from_utf8_lossy(&out.stderr).into_owned();
    Ok((out.status.code() == Some(1)).then_some(error))
}

/// A folder that says it is this release of the NDK.
fn ndk(name: &str, properties: Option<&str>) -> io::Result<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder)?;
    if let Some(properties) = properties {
        fs::write(folder.join("source.properties"), properties)?;
    }
    Ok(folder)
}

#[test]
fn without_an_ndk_it_is_said_where_one_comes_from() -> io::Result<()> {
    let error = said("android.sh", &[])?.expect("it fails");
    assert!(error.contains("No Android NDK."), "{error}");
    assert!(error.contains("ANDROID_HOME"), "{error}");
    Ok(())
}

#[test]
fn what_is_no_ndk_or_an_old_one_is_said() -> io::Result<()> {
    let empty = ndk("no-ndk", None)?;
    let error = said("android.sh", &[("ANDROID_NDK_HOME", &empty)])?.expect("it fails");
    assert!(error.contains("is no Android NDK"), "{error}");

    let old = ndk("old-ndk", Some("Pkg.Revision = 26.1.10909125\n"))?;
    let error = said("android.sh", &[("ANDROID_NDK_HOME", &old)])?.expect("it fails");
    assert!(error.contains("is r26; r28 or newer"), "{error}");
    Ok(())
}

#[test]
#[cfg(not(target_os = "macos"))]
fn elsewhere_than_on_a_mac_it_is_said_that_xcode_is_wanted() -> io::Result<()> {
    let error = said("ios.sh", &[])?.expect("it fails");
    assert!(error.contains("runs on macOS alone"), "{error}");
    Ok(())
}
