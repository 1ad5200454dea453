package import Hummingbird
import NIOCore

/// What a request carries besides itself: the address it came from, for the limit on failed
/// authentications.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The peer's IP address; nil in tests without a socket.
    package let peerAddress: String?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peerAddress = source.channel.remoteAddress?.ipAddress
    }
}
