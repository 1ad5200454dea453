// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "alert-queue",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "parry", path: "../..")],
    targets: [
        .executableTarget(
            name: "alert-queue",
            dependencies: [.product(name: "ParryClient", package: "parry")])
    ]
)
