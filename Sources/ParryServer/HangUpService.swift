import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the TLS files again at each SIGHUP. Without TLS the signal is noted and does nothing.
struct HangUpService: Service {
    let tls: TLSFiles?
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() { reload() }
    }

    private func reload() {
        guard let tls else { return logger.info("SIGHUP: there are no TLS files to read again") }
        do {
            try tls.reload()
            logger.info("SIGHUP: the TLS files were read again")
        } catch {
            logger.error(
                "SIGHUP: the TLS files cannot be used; the former ones stay",
                metadata: ["error": "\(error)"])
        }
    }
}
