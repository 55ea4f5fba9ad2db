import type { CatalogEntry, ParameterOverlay } from '@mixdown/contract';
import { ChevronRight } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import { useProject } from '../../session/index.ts';
import { cx } from '../../ui/cx.ts';
import {
  accessibleName,
  arrange,
  filterGroups,
  type ParameterGroup,
  splitSwitch,
} from './arrange.ts';
import { isEqualiser } from './eq/eq-bands.ts';
import { EqDisplay } from './eq/eq-display.tsx';
import { lacksOverlay, presentable } from './infer-overlay.ts';
import { ParameterControl } from './parameter-control.tsx';
import { ParameterFilter } from './parameter-filter.tsx';
import styles from './parameters.module.css';

export interface ParameterPanelProps {
  readonly pluginId: string;
  readonly entry: CatalogEntry;
  /** Why nothing can be changed right now, such as "Ana is editing". */
  readonly locked?: string | undefined;
  /** Somebody else's hand, by parameter id. */
  readonly remote?: Readonly<Record<string, { color: string; name: string }>> | undefined;
}

/** The panel that every plugin has: its parameters in groups, made from the overlays. */
export function ParameterPanel({ pluginId, entry, locked, remote }: ParameterPanelProps) {
  const [filter, setFilter] = useState('');
  const [unfolded, setUnfolded] = useState(false);
  const foldId = useId();
  const tempo = useProject((s) => s.project.tempo);
  const parameters = useMemo(() => presentable(entry.parameters), [entry]);
  const { groups, advanced, filterable } = useMemo(
    () => arrange(parameters, { inferred: lacksOverlay(entry.parameters) }),
    [parameters, entry],
  );
  const filtering = filter.trim() !== '';
  const shown = filterGroups(filtering ? [...groups, ...advanced] : groups, filter);

  const control = (p: ParameterOverlay, bare = false) => (
    <ParameterControl
      key={p.id}
      pluginId={pluginId}
      parameter={p}
      label={accessibleName(p, parameters, entry.name)}
      tempo={tempo}
      locked={locked}
      remote={remote?.[p.id]}
      bare={bare}
    />
  );
  const renderGroup = (group: ParameterGroup) => {
    const { power, rest } = splitSwitch(group);
    return (
      // biome-ignore lint/a11y/useSemanticElements: a legend cannot hold the group's own switch beside its name
      <div key={group.name} role="group" aria-label={group.name} className={styles.group}>
        <div className={styles.legend}>
          <span aria-hidden>{group.name}</span>
          {power && control(power, true)}
        </div>
        <div className={styles.controls}>{rest.map((p) => control(p))}</div>
      </div>
    );
  };
  const filterBox = filterable && (
    <ParameterFilter name={entry.name} value={filter} onChange={setFilter} />
  );
  const display = isEqualiser(entry);

  return (
    <div className={styles.panel}>
      {display && (
        <div className={styles.side}>
          <EqDisplay {...{ pluginId, entry, locked }} />
          {filterBox}
        </div>
      )}
      <div className={styles.main}>
        {!display && filterBox}
        <div className={styles.groups}>
          {shown.map(renderGroup)}
          {shown.length === 0 && (
            <p className={styles.nothing} role="status">
              No parameter is called “{filter.trim()}”.
            </p>
          )}
          {advanced.length > 0 && !filtering && (
            <>
              <button
                type="button"
                className={styles.fold}
                aria-expanded={unfolded}
                aria-controls={foldId}
                onClick={() => setUnfolded(!unfolded)}
              >
                <ChevronRight
                  size={12}
                  aria-hidden
                  className={cx(styles.chevron, unfolded && styles.turned)}
                />
                Advanced
              </button>
              <div id={foldId} className={styles.groups} hidden={!unfolded}>
                {unfolded && advanced.map(renderGroup)}
              </div>
            </>
          )}
        </div>
      </div>
    </div>
  );
}
