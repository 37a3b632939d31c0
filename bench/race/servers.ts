/** Who is raced, each once for each era that it speaks: the floors, Toolgate without its keys and whole, and its peers. */
import { checkingFloor } from "../peers/checkingFloor";
import { fastmcpEdge } from "../peers/fastmcpEdge";
import { floor } from "../peers/floor";
import { mcpLite } from "../peers/mcpLite";
import type { Peer } from "../peers/peer";
import { sdkServer } from "../peers/sdkServer";
import { tmcp } from "../peers/tmcp";
import { tokenFloor } from "../peers/tokenFloor";
import { toolgate, toolgateWithoutKeys } from "../peers/toolgate";
import { withKey } from "../peers/withKey";

const racersOf = (peer: Peer) =>
  peer.eras.map((era) => {
    const name = peer.eras.length > 1 ? `${peer.name}, ${era}` : peer.name;
    return { ...peer, name, era };
  });

export type Racer = ReturnType<typeof racersOf>[number];

export const withHmac = racersOf(
  withKey("floor that checks, with an HMAC of the key", checkingFloor),
);
export const [open, guarded] = [racersOf(toolgateWithoutKeys), racersOf(toolgate)];
/** As they are set up here, they check no Origin, and no header against the body: the goal is not to be ahead of them. */
const unchecking = [fastmcpEdge, mcpLite].flatMap(racersOf);
export const peers = [tmcp, sdkServer].flatMap(racersOf);

const floors = [floor, tokenFloor, checkingFloor].flatMap(racersOf);

export const racers = [...floors, ...withHmac, ...open, ...guarded, ...unchecking, ...peers];
