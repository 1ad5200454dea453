// swift-tools-version: 6.2
import PackageDescription

// Versions are pinned `exact:` because Package.resolved is not committed: a fresh clone builds what was tested.
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(
    name: "HummingbirdTesting", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(
    name: "HummingbirdCore", package: "hummingbird")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(
    name: "UnixSignals", package: "swift-service-lifecycle")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let configuration = Target.Dependency.product(
    name: "Configuration", package: "swift-configuration")
let arguments = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")

let package = Package(
    name: "parry",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "parry", targets: ["parry"]),
        .executable(name: "parry-partner", targets: ["parry-partner"]),
        .library(name: "ParryClient", targets: ["ParryClient"]),
        .library(name: "ParryWire", targets: ["ParryWire"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(
            url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    ],
    targets: [
        // The rooms of the house, top to bottom. Arrows point down only (docs/architecture.md).
        .executableTarget(
            name: "parry",
            dependencies: [
                "ParryServer", "ParryNetworks", "ParryDelivery", "ParryService", "ParryStore",
                "ParryDatabase", "ParryDomain", "ParryLog", "ParrySimulator", "ParryWire",
                arguments,
                configuration, logging, metrics, system,
            ]),
        .target(
            name: "ParryServer",
            dependencies: [
                "ParryAPI", "ParryDashboard", "ParryNetworks", "ParryDelivery", "ParryService",
                "ParryStore", "ParryDatabase", "ParryDomain", "ParryWire", hummingbird,
                hummingbirdCore,
                hummingbirdTLS, nioCore, nioPosix, nioSSL, unixSignals,
                lifecycle, logging, metrics, configuration, crypto, subprocess, system,
            ]),
        .target(
            name: "ParryAPI",
            dependencies: [
                "ParryService", "ParryStore", "ParryDatabase", "ParryDomain", "ParryWire",
                hummingbird, httpTypes,
                nioCore, logging, metrics,
            ]),
        .target(
            name: "ParryDashboard",
            dependencies: [
                "ParryService", "ParryStore", "ParryDatabase", "ParryDomain", "ParryWire",
                hummingbird, httpTypes, nioCore, logging, lifecycle, mustache, crypto,
            ],
            resources: [.embedInCode("Resources")]),
        .target(
            name: "ParryDelivery",
            dependencies: [
                "ParryService", "ParryDomain", "ParryWire", httpClient, nioCore, nioPosix,
                nioHTTP1, nioSSL, lifecycle, logging, metrics,
            ]),
        .target(
            name: "ParryNetworks",
            dependencies: [
                "ParryService", "ParryDomain", "ParryWire", hummingbird, httpClient, httpTypes,
                nioCore, nioHTTP1, nioSSL, logging, crypto,
            ]),
        .target(
            name: "ParryService",
            dependencies: [
                "ParryStore", "ParryMatching", "ParryDatabase", "ParryDomain", "ParryWire", crypto,
                cryptoExtras, jwt, metrics,
            ]),
        .target(name: "ParryMatching", dependencies: ["ParryDomain", "ParryWire"]),
        .target(
            name: "ParrySimulator",
            dependencies: [
                "ParryWire", "ParryDomain", hummingbird, httpClient, httpTypes, nioCore, nioHTTP1,
                nioPosix, nioSSL, lifecycle, logging, system,
            ]),
        .target(
            name: "ParryStore", dependencies: ["ParryDatabase", "ParryDomain", "ParryWire"]),
        .target(name: "ParryDatabase", dependencies: [grdb, sqlite, crypto, metrics, "CLibPQ"]),
        .systemLibrary(
            name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "ParryDomain", dependencies: ["ParryWire"]),
        .target(name: "ParryLog", dependencies: ["ParryWire", logging]),
        .target(name: "ParryWire", dependencies: [crypto]),

        // The partner's side, without any server code.
        .executableTarget(
            name: "parry-partner",
            dependencies: [
                "ParryPartner", "ParryClient", "ParryLog", "ParryWire", arguments, logging,
            ]),
        .target(
            name: "ParryPartner",
            dependencies: [
                "ParryClient", "ParryDatabase", "ParryLog", "ParryWire", hummingbird,
                hummingbirdCore, hummingbirdTLS, httpClient, httpTypes, nioCore, nioHTTP1, nioSSL,
                lifecycle,
                logging, yaml, unixSignals, subprocess,
                system, crypto,
            ]),
        .target(
            name: "ParryClient",
            dependencies: ["ParryWire", httpClient, nioCore, nioHTTP1, nioPosix, logging]),

        // What `make bench` compares with: the bare HTTP client that signs and sends.
        .executableTarget(
            name: "parry-bench",
            dependencies: [
                "ParryWire", arguments, httpClient, nioCore, nioHTTP1, nioSSL,
            ]),

        .testTarget(name: "ParryWireTests", dependencies: ["ParryWire"]),
        .testTarget(
            name: "ParryClientTests",
            dependencies: [
                "ParryClient", "ParryWire", "ParryTestSupport",
            ]),
        .testTarget(
            name: "ParryPartnerTests",
            dependencies: [
                "ParryPartner", "ParryClient", "ParryDatabase", "ParryWire", "ParryTestSupport",
            ]),
        .testTarget(
            name: "ParryDatabaseTests", dependencies: ["ParryDatabase", "ParryTestSupport"]),
        .testTarget(
            name: "ParryDomainTests",
            dependencies: ["ParryDomain", "ParryWire", "ParryTestSupport"]),
        .testTarget(
            name: "ParryStoreTests",
            dependencies: [
                "ParryStore", "ParryDatabase", "ParryDomain", "ParryWire", "ParryTestSupport",
            ]),
        .testTarget(
            name: "ParryServiceTests",
            dependencies: [
                "ParryService", "ParryStore", "ParryDatabase", "ParryDomain", "ParryWire",
                "ParryTestSupport", crypto,
            ]),
        .testTarget(
            name: "ParryDeliveryTests",
            dependencies: [
                "ParryDelivery", "ParryService", "ParryStore", "ParryDatabase", "ParryDomain",
                "ParryWire", "ParryTestSupport", crypto, nioCore,
            ]),
        .testTarget(
            name: "ParryAPITests",
            dependencies: [
                "ParryAPI", "ParryServer", "ParryService", "ParryDomain", "ParryWire",
                "ParryTestSupport", httpTypes, metrics,
            ]),
        .testTarget(
            name: "ParryDashboardTests",
            dependencies: [
                "ParryDashboard", "ParryServer", "ParryAPI", "ParryService", "ParryStore",
                "ParryDatabase", "ParryDomain", "ParryWire", "ParryTestSupport", hummingbird,
                hummingbirdTesting, httpTypes, nioCore, crypto,
            ],
            // Read and written where they are.
            exclude: ["Snapshots"]),
        .testTarget(
            name: "ParryMatchingTests", dependencies: ["ParryMatching", "ParryDomain", "ParryWire"]),
        .testTarget(
            name: "ParrySimulatorTests",
            dependencies: [
                "ParrySimulator", "ParryDomain", "ParryWire", system, hummingbird, httpClient,
                httpTypes, nioCore, nioHTTP1, lifecycle, logging,
            ]),
        .testTarget(
            name: "ParryNetworksTests",
            dependencies: [
                "ParryNetworks", "ParryService", "ParryStore", "ParryDatabase", "ParryDomain",
                "ParryWire", "ParryTestSupport", httpTypes,
            ]),
        .testTarget(name: "TidyTests", dependencies: []),
        .target(
            name: "ParryTestSupport",
            dependencies: [
                "ParryServer", "ParryAPI", "ParryDashboard", "ParryService", "ParryStore",
                "ParryDatabase", "ParryDomain", "ParryWire", hummingbird, hummingbirdTesting,
                configuration, httpTypes, nioCore,
            ],
            path: "Tests/ParryTestSupport"),
    ]
)

// The walls: every target imports only what it names, and nothing leaks through a re-export.
for target in package.targets where target.type != .system {
    var settings: [SwiftSetting] = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("ExistentialAny"),
    ]
    if Context.environment["CI"] != nil { settings.append(.treatAllWarnings(as: .error)) }
    target.swiftSettings = settings
}
