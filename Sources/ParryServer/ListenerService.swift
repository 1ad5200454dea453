import NIOCore
import ServiceLifecycle

/// A listener beside the API's, which says its own address when it cannot listen there.
struct ListenerService<Application: Service>: Service {
    let host: String
    let port: Int
    let application: Application

    func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            throw Settings.Invalid("cannot listen on \(host) port \(port): \(error)")
        }
    }
}
