#!/usr/bin/env bash
# The Kotlin bindings: generated from the library, the layer of mobile-bindings/kotlin on top.
#   bash .ci/kotlin.sh jar FILE      both compiled, for Android
#   bash .ci/kotlin.sh runner        and the runner of tests/parity, target/kotlin/runner
#   bash .ci/kotlin.sh test          compiled with their tests, and run on the JVM
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

bash .ci/install.sh rust kotlin
bash .ci/npm.sh mobile-bindings/kotlin
source .ci/env.sh

kotlin=$root/mobile-bindings/kotlin
lib=$kotlin/node_modules/kotlin-compiler/lib
out=$target/kotlin
java=/usr/share/java
runtime=$lib/kotlin-stdlib.jar:$lib/kotlinx-coroutines-core-jvm.jar:$java/jna.jar
testing=$lib/kotlin-test.jar:$lib/kotlin-test-junit.jar:$java/junit4.jar:$java/hamcrest-core.jar:$java/gson.jar
mkdir -p "$out"

# What the layer and its tests are written with: no warning is let pass.
strict=(-Werror -Wextra -progressive)

# compile NAME SOURCES CLASSPATH OPTION...: into NAME.jar, unless the same was compiled before.
compile() {
  local module=$1 jar=$out/$1.jar sources=$2 classpath=$3 state
  shift 3
  state=$(printf '%s\n' "$@" && find "$sources" ${classpath//:/ } -type f -exec sha256sum {} + | sort)
  [ -f "$jar" ] && [ "$(cat "$jar.of" 2>/dev/null)" = "$state" ] && return
  echo "compiling $jar"
  rm -f "$jar"
  java -cp "$lib/*" org.jetbrains.kotlin.cli.jvm.K2JVMCompiler \
    -no-stdlib -no-reflect -jvm-target 11 -module-name "gridbook-$module" -cp "$classpath" -d "$jar" "$@" "$sources"
  printf '%s' "$state" >"$jar.of"
}

layer() {
  bash .ci/bindings.sh kotlin "$out/generated"
  compile core "$out/generated" "$runtime"
  compile layer "$kotlin/src" "$runtime:$out/core.jar" "${strict[@]}" -Xexplicit-api=strict
  compile stubs "$kotlin/android-stubs" "$lib/kotlin-stdlib.jar" "${strict[@]}"
  compile android "$kotlin/android" "$lib/kotlin-stdlib.jar:$out/stubs.jar:$out/layer.jar" \
    "${strict[@]}" -Xexplicit-api=strict
}

# one FILE JAR...: what is in all of them, in one.
one() {
  python3 - "$@" <<'PY'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as whole:
    for name in sys.argv[2:]:
        with zipfile.ZipFile(name) as part:
            for entry in part.namelist():
                if not entry.endswith("/") and entry != "META-INF/MANIFEST.MF":
                    whole.writestr(entry, part.read(entry))
PY
}

# The tests, and with them the runner of the scenario, which gets a command of its own.
tests() {
  compile tests "$kotlin/tests" "$runtime:$testing:$out/core.jar:$out/layer.jar" "${strict[@]}"
  cat >"$out/runner" <<SH
#!/bin/sh
exec java -ea -Djna.library.path=$target/debug -cp $classes org.gridbook.scenario.Runner "\$@"
SH
  chmod +x "$out/runner"
}

layer
classes=$runtime:$testing:$out/core.jar:$out/layer.jar:$out/tests.jar
case ${1:?jar, runner or test} in
  jar) one "${2:?a file}" "$out/core.jar" "$out/layer.jar" "$out/android.jar" ;;
  runner) tests ;;
  test)
    tests
    cases=$(cd "$kotlin/tests" && find . -name '*Test.kt' | sed 's|^\./||; s|\.kt$||; s|/|.|g' | sort)
    # shellcheck disable=SC2086
    java -ea "-Djna.library.path=$target/debug" -cp "$classes" org.junit.runner.JUnitCore $cases
    ;;
  *) echo "jar, runner or test" >&2; exit 1 ;;
esac
