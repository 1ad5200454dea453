import Foundation
import ParryClient
import ParryWire

/// Makes a client from the environment; the key stays out of sources and logs.
func makeClient() throws -> ParryClient {
    let environment = ProcessInfo.processInfo.environment
    let configuration = ClientConfiguration(
        baseURL: environment["PARRY_URL"] ?? "", key: environment["PARRY_KEY"] ?? "")
    return try ParryClient(configuration)
}
