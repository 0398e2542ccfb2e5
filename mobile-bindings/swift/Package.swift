// swift-tools-version:5.9
// The fieldbook for apps in Swift. `make ios` on a Mac puts GridbookFFI.xcframework beside this file;
// `bash .ci/bindings.sh swift FOLDER` generates Gridbook.swift, which belongs into Sources/Gridbook.
// Neither is committed.
import PackageDescription

let package = Package(
    name: "Gridbook",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "Gridbook", targets: ["Gridbook"])],
    targets: [
        .binaryTarget(name: "GridbookFFI", path: "GridbookFFI.xcframework"),
        .target(name: "Gridbook", dependencies: ["GridbookFFI"]),
    ]
)
