/** The operator's functions that the console calls: what each takes and gives. The server allows no others. */
import type { ApprovalDetail } from "../../src/approvals/get";
import type { ApprovalInfo } from "../../src/approvals/info";
import type { Listed } from "../../src/catalog/catalog";
import type { AuditEntry } from "../../src/operate/auditLog";
import type { ConnectionInfo } from "../../src/operate/connections";
import type { JobInfo } from "../../src/operate/jobInfo";
import type { KeyInfo } from "../../src/operate/keyInfo";
import type { IssuedKey } from "../../src/operate/mintKey";
import type { Revoked } from "../../src/operate/revokeKey";
import type { Fault } from "../../src/operate/record/faults";
import type { Role } from "../../src/operate/roles";
import type { Folded } from "../../src/operate/stats/fold";
import type { SeenTools } from "../../src/operate/seenTools";
import type { AppInfo, Outcome, Overview, RoleMatrix, Span, WhatEnds } from "./shapes";

/** A key as the console knows it. */
export type Key = KeyInfo;

type Page = { limit?: number; cursor?: string };
type More = { nextCursor: string | null };
type Shape = { args: object; value: unknown };
type Fn<Args extends object, Value> = { args: Args; value: Value };
type None = Record<string, never>;

export type NewKey = {
  tenant?: string;
  name: string;
  role: string;
  subject?: string;
  expiresInDays?: number;
  tools?: string[];
  constraints?: NonNullable<Key["constraints"]>;
  fixed?: NonNullable<Key["fixed"]>;
  approval?: string[];
  unattended?: boolean;
  readOnly?: boolean;
  env?: "live" | "test";
};

/** Absent fields stay; null takes a narrowing away. */
export type KeyChange = {
  keyId: string;
  name?: string;
  role?: string;
  expiresInDays?: number;
  tools?: string[] | null;
  constraints?: Key["constraints"] | null;
  fixed?: Key["fixed"] | null;
  approval?: string[] | null;
  unattended?: boolean;
  readOnly?: boolean;
};

export type RoleChange = {
  name: string;
  permissions?: string[];
  add?: string[];
  remove?: string[];
  approval?: string[] | null;
};

export type AuditFilter = {
  tenant?: string;
  keyId?: string;
  tool?: string;
  outcome?: Outcome;
  operation?: string;
  since?: string;
  until?: string;
};

type Table = {
  "admin:describeApp": Fn<None, AppInfo>;
  "admin:foldStats": Fn<None, Folded>;
  "admin:overview": Fn<{ span: Span }, Overview>;

  "admin:listKeys": Fn<{ tenant?: string } & Page, { keys: Key[] } & More>;
  "admin:getKey": Fn<{ keyId: string }, Key>;
  "admin:createKey": Fn<NewKey, IssuedKey>;
  "admin:updateKey": Fn<KeyChange, Key>;
  "admin:rotateKey": Fn<
    { keyId: string; graceMinutes?: number; expiresInDays?: number },
    IssuedKey
  >;
  "admin:revokeKey": Fn<{ keyId: string; reason?: string; chain?: boolean }, Revoked>;
  "admin:whatEnds": Fn<{ keyId: string; chain?: boolean } | { grantId: string }, WhatEnds>;

  "admin:listConnections": Fn<
    { tenant?: string; keyId?: string } & Page,
    { connections: ConnectionInfo[] } & More
  >;
  "admin:revokeConnection": Fn<{ grantId: string; reason?: string }, ConnectionInfo>;

  "admin:listRoles": Fn<None, Role[]>;
  "admin:setRole": Fn<RoleChange, Role>;
  "admin:roleMatrix": Fn<None, RoleMatrix>;

  "admin:listApprovals": Fn<
    { state: "waiting" | "decided"; tenant?: string } & Page,
    { approvals: ApprovalInfo[] } & More
  >;
  "admin:getApproval": Fn<{ jobId: string }, ApprovalDetail>;
  "admin:decideApproval": Fn<
    { jobId: string; verdict: "approve" | "deny"; seen?: string; by: string; note?: string },
    { approval: ApprovalInfo; message: string }
  >;

  "admin:listJobs": Fn<
    { state: "running" | "ended"; tenant?: string } & Page,
    { jobs: JobInfo[] } & More
  >;
  "admin:cancelJobById": Fn<{ jobId: string; reason?: string }, JobInfo>;

  "admin:listAudit": Fn<AuditFilter & Page, { entries: AuditEntry[]; scanned?: number } & More>;
  "admin:verifyAudit": Fn<
    Page,
    {
      faults: Fault[];
      checked: { rows: number; seals: number; removed: number };
      sealedTo: string | null;
    } & More
  >;
  "admin:auditHead": Fn<
    None,
    {
      head: string | null;
      at?: string;
      sealedTo?: string;
      waiting: { rows: number; since?: string };
    }
  >;

  "admin:seenTools": Fn<{ keyId: string }, SeenTools>;
  "catalog:list": Fn<None, Listed[]>;
};

/** Function → what it takes and gives. */
export type Functions = { [Name in keyof Table]: Table[Name] extends Shape ? Table[Name] : never };

export type FunctionName = keyof Functions;
