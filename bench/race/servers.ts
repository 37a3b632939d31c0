/** Who is raced: the floors, Toolgate without its keys and whole, and its peers. */
import { checkingFloor } from "../peers/checkingFloor";
import { fastmcpEdge } from "../peers/fastmcpEdge";
import { floor } from "../peers/floor";
import { mcpLite } from "../peers/mcpLite";
import { sdkServer } from "../peers/sdkServer";
import { tmcp } from "../peers/tmcp";
import { tokenFloor } from "../peers/tokenFloor";
import { toolgate, toolgateWithoutKeys } from "../peers/toolgate";
import { withKey } from "../peers/withKey";

export { toolgate, toolgateWithoutKeys };

export const floorWithKey = withKey("floor that checks, with an HMAC of the key", checkingFloor);

export const peers = [fastmcpEdge, mcpLite, tmcp, sdkServer];

const floors = [floor, tokenFloor, checkingFloor, floorWithKey];

export const servers = [...floors, toolgateWithoutKeys, toolgate, ...peers];
